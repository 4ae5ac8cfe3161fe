/**
 * Parameters of lanes that are settled at home and within the province alone: maternity, and medicine for the two diseases
 * (高血压, 糖尿病) of residents without a certificate. In yuan a year or a birth; all assumed [A], for a simulator.
 */
import { type Fen, fenFromYuan } from '../domain/money.ts'
import { ratioFrom } from './ratio.ts'

/** Flat amounts of a birth, paid in full or as much as it cost if that is less. */
interface Birth {
  readonly natural: Fen
  readonly assisted: Fen
  readonly caesarean: Fen
  readonly prenatal: Fen
}

/** What residents get for the medicine of the two diseases, at institutions up to the second level. */
interface TwoDiseases {
  readonly hypertension: Fen
  readonly diabetes: Fen
  readonly both: Fen
  readonly ratio: number
}

/** They. */
export interface RegionLanes {
  readonly maternity: { readonly employee: Birth; readonly resident: Birth }
  readonly twoDiseases: TwoDiseases
}

const birth = (natural: number, assisted: number, caesarean: number, prenatal: number): Birth => ({
  natural: fenFromYuan(natural),
  assisted: fenFromYuan(assisted),
  caesarean: fenFromYuan(caesarean),
  prenatal: fenFromYuan(prenatal),
})

const two = (hypertension: number, diabetes: number, both: number, ratio: number): TwoDiseases => ({
  hypertension: fenFromYuan(hypertension),
  diabetes: fenFromYuan(diabetes),
  both: fenFromYuan(both),
  ratio: ratioFrom(ratio),
})

/** By the code of the province. */
export const REGION_LANES: Readonly<Record<string, RegionLanes>> = {
  '620000': {
    maternity: { employee: birth(3600, 4050, 5850, 1350), resident: birth(1080, 1350, 1800, 270) },
    twoDiseases: two(300, 500, 800, 0.5),
  },
  '340000': {
    maternity: { employee: birth(4000, 4500, 6500, 1500), resident: birth(1200, 1500, 2000, 300) },
    twoDiseases: two(350, 550, 900, 0.5),
  },
  '640000': {
    maternity: { employee: birth(3600, 4050, 5850, 1350), resident: birth(1080, 1350, 1800, 270) },
    twoDiseases: two(300, 500, 800, 0.5),
  },
  '430000': {
    maternity: { employee: birth(3800, 4275, 6175, 1425), resident: birth(1140, 1425, 1900, 285) },
    twoDiseases: two(360, 600, 960, 0.7),
  },
  '440000': {
    maternity: { employee: birth(5200, 5850, 8450, 1950), resident: birth(1560, 1950, 2600, 390) },
    twoDiseases: two(600, 800, 1400, 0.6),
  },
}
