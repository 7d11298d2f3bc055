export * from '@sandport/conformance'
