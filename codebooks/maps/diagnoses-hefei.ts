/** Old diagnosis list of the invented hospital H34010490001. */
import { diagnosisMap } from './support/local.ts'

/** Its `J18.900` is 支气管肺炎, nationally `J18.000`; its `I63.950` is narrower than the national entry. */
export default diagnosisMap('H34010490001-diagnosis', [
  { code: 'J18.900', name: '支气管肺炎', targets: ['J18.000'], relation: 'equivalent' },
  { code: 'J18.000', name: '肺炎', targets: ['J18.900'], relation: 'equivalent' },
  { code: 'I63.950', name: '急性脑梗死', targets: ['I63.900'], relation: 'narrower' },
])
