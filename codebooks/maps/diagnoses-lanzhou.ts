/** Old diagnosis list of the invented hospital H62010290001. */
import { diagnosisMap } from './support/local.ts'

/**
 * Its `K29.500` is 慢性浅表性胃炎, which the national table calls `K29.300`, and vice versa; its `E11.900` includes nerve
 * damage. `I50.950` is two diseases together.
 */
export default diagnosisMap('H62010290001-diagnosis', [
  { code: 'I10.x01', name: '高血压', targets: ['I10.x00x002'], relation: 'equivalent' },
  { code: 'K29.500', name: '慢性浅表性胃炎', targets: ['K29.300'], relation: 'equivalent' },
  { code: 'K29.300', name: '慢性胃炎', targets: ['K29.500'], relation: 'equivalent' },
  { code: 'E11.900', name: '2型糖尿病伴神经病变', targets: ['E11.400'], relation: 'equivalent' },
  { code: 'I50.950', name: '心力衰竭合并慢性肾衰竭', targets: ['I50.900', 'N18.902'], relation: 'related' },
])
