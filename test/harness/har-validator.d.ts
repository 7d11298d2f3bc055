declare module 'har-validator/lib/promise.js' {
  /** Rejects with what is wrong where it is no HAR 1.2. */
  export function har(data: unknown): Promise<unknown>
}
