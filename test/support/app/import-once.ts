/**
 * The main module is looked up once a file. Inside workerd vitest imports it anew for every call of a Durable Object, and asks the process
 * that runs the tests each time where it lies, although it is loaded already.
 */

/** Of vitest, as far as it is asked here. */
export interface ModuleRunner {
  import(id: string, options?: object): Promise<unknown>
}

/** Until it is called again, as for the next file, which loads the module anew. */
export function importMainOnce(runner: ModuleRunner): void {
  const { import: importAnew }: ModuleRunner = Object.getPrototypeOf(runner)
  let main: Promise<unknown> | undefined
  runner.import = (id, options) => {
    if (!id.endsWith('/src/index.ts')) return importAnew.call(runner, id, options)
    main ??= importAnew.call(runner, id, options)
    return main
  }
}
