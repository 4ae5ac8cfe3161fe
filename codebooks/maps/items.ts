/** Fee items of every invented institution. Each has its own numbering: `Y0001` is another drug elsewhere. */
import { INSTITUTIONS } from '../institution/rows.ts'
import { PHARMACIES } from '../pharmacy.ts'
import { drugMap, itemMaps } from './support/local.ts'

const STEP = 3

/** Three maps per institution (drugs, services, consumables); one per pharmacy (drugs). */
export default [
  ...INSTITUTIONS.flatMap(({ attributes, code }, index) =>
    itemMaps(attributes?.system ?? code, index * STEP),
  ),
  ...PHARMACIES.map(({ code }, index) => drugMap(code, index * STEP)),
]
