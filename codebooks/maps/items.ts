/** Fee items of every invented institution. Each has numbers of its own: `Y0001` of one is another drug elsewhere. */
import { INSTITUTIONS } from '../institution/rows.ts'
import { PHARMACIES } from '../pharmacy.ts'
import { drugMap, itemMaps } from './support/local.ts'

const STEP = 3

/** Three maps an institution, into drugs, services and consumables; one a pharmacy, into drugs. */
export default [
  ...INSTITUTIONS.flatMap(({ attributes, code }, index) =>
    itemMaps(attributes?.system ?? code, index * STEP),
  ),
  ...PHARMACIES.map(({ code }, index) => drugMap(code, index * STEP)),
]
