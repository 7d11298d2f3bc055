export * from '@sandport/client'
