/** What a command reports in one line, without a stack trace, before it ends: a wrong option, a missing file, a server that is down. */
export class CommandFault extends Error {
  override readonly name = 'CommandFault'
  /** 2 for a command line that cannot be followed, 1 for a command that could not do what it was to do. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 1, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
