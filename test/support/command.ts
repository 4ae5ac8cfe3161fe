/** Runs a command of the command line in this process. */
import { vi } from 'vitest'

/**
 * @param env what is set beside the environment of the test
 * @returns its exit code and all that it said
 */
export async function runCommand(
  command: (args: string[]) => Promise<number>,
  env: Readonly<Record<string, string>>,
  args: string[],
): Promise<{ readonly code: number; readonly said: string }> {
  const said: string[] = []
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const spies = (['log', 'error'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((text) => void said.push(String(text))),
  )
  try {
    return { code: await command(args), said: said.join('\n') }
  } finally {
    for (const spy of spies) spy.mockRestore()
    vi.unstubAllEnvs()
  }
}
