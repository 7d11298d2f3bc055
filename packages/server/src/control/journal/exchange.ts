/** What an API says of one of its exchanges, for judging the client: JSON. */
export type Facts = Record<string, unknown>

/** What is said of the keys in a request where it is not the one key, where it belongs, that it should be. */
export type KeyFacts = {
  keys: {
    where: string
    /** Whether it is the one that the API goes by. */
    counts: boolean
    /** Whether it is the one that says whose the request is. */
    isOwner: boolean
    /** Whether it differs from the one that counts. */
    differs: boolean
  }[]
  /** The API that the owner's key is for. */
  ownerApi: string | undefined
}
