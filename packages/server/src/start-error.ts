/** Raised where options do not go together, or not with what is there; the message is for whoever started the server. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
