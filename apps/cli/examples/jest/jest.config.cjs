module.exports = {
  globalSetup: 'sandport/global-setup',
  globalTeardown: 'sandport/global-teardown',
}
