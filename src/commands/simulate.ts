/** `npm run simulate`: only the simulated platforms, for testing another gateway or hospital system. */
import { readConfig } from '../config.ts'
import { startSimulator } from '../simulator/supervise.ts'
import { untilEnded } from './until-ended.ts'

/** Runs the platforms until SIGTERM or SIGINT. */
export async function simulate(): Promise<number> {
  const config = readConfig(process.env)
  const simulator = await startSimulator({ dataDir: config.dataDir, port: config.simulatorPort })
  const platforms = { national: simulator.national, ...simulator.provinces }
  for (const [name, { url, pid }] of Object.entries(platforms)) {
    console.log(
      `${name.padEnd(8)} ${url}  (process ${pid}; /book${name === 'national' ? '' : ' /people'} /faults)`,
    )
  }
  const upstream = Object.entries(platforms).map(([name, { url }]) => `${name}=${url}`)
  console.log(`\nA gateway finds them with ZHIJIE_UPSTREAM=${upstream.join(',')}`)
  await untilEnded()
  await simulator.stop()
  return 0
}
