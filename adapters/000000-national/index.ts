/**
 * The national interface (定点医药机构接口规范), the baseline that provincial dialects spread. What its document does not
 * say: the clerk signs in with 9001, but many clients send an empty `sign_no` and are served; amounts and counts come as
 * numbers or as text; success is `infcode` 0 alone, and none under an HTTP status that says no; `err_msg` is free text that is often longer
 * than its 200 characters. There is no transaction set for out-of-area patients: the header's two areas make the
 * difference. Source: public client code of hospitals, Hunan text V1.1.27. [F]
 */
import { join } from 'node:path'
import { openCatalogue } from '../../src/extension/catalogue.ts'
import { withDescribed } from './described/operations.ts'
import { inpatient } from './operations/inpatient.ts'
import { lines } from './operations/lines.ts'
import { outcome } from './operations/outcome.ts'
import { outpatient } from './operations/outpatient.ts'
import { person } from './operations/person.ts'
import { pharmacy } from './operations/pharmacy.ts'
import { session } from './operations/session.ts'
import { settlement } from './operations/settlement.ts'
import { standardDialect } from './standard.ts'

const catalogue = openCatalogue(join(import.meta.dirname, 'catalogue'))
const operations = withDescribed(
  catalogue,
  [session, person, outpatient, inpatient, pharmacy, lines, settlement, outcome].flat(),
)

export default standardDialect({
  id: '000000-national',
  title: '国家医疗保障信息平台定点医药机构接口',
  operations,
  catalogue,
})
