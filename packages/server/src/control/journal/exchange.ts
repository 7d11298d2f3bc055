/** What an API says of one of its exchanges, for judging the client: JSON. */
export type Facts = Record<string, unknown>
