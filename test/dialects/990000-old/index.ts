/** An invented old interface, as a dialect. */
import national from '../../../adapters/000000-national/index.ts'
import { dialectOf } from '../../../src/extension/form.ts'
import { form } from './form.ts'

export default dialectOf(national, form)
