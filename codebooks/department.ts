/** Departments (科别, 诊疗科目): a list beside the fifteen. The rows are a public copy. */
import { parseDay } from '../src/domain/day.ts'
import { defineCodebook } from '../src/extension/codebook.ts'
import { entriesOf } from './support/table.ts'

/**
 * 科别 `caty`: `A` and two digits, two more after a point. The `dept_code` that a hospital sends is its own
 * registration with the platform; it is translated to this list only if the hospital provides a map, and passed on
 * unchanged otherwise.
 */
export default defineCodebook({
  id: 'department',
  standard: null,
  title: 'Departments (diagnosis and treatment subjects)',
  titleZh: '科别（诊疗科目）',
  fields: [...['caty', 'dept_code', 'adm_dept_codg', 'dscg_dept_codg', 'bilg_dept_codg', 'acord_dept_codg']],
  shape: /^A\d{2}(?:\.\d{2})?$/,
  shapeSource: {
    grade: 'K',
    text: 'Form of the public copy of the national list; its last digits `.99` mean other',
  },
  distinct: true,
  editions: [
    {
      version: 'starter',
      from: parseDay('2020-01-01'),
      source: {
        grade: 'K',
        text: 'Main classes and common sub-classes of a public copy of the national list; not complete, day of effect not verified',
      },
      entries: entriesOf(`
code|name
A01|预防保健科
A02|全科医疗科
A03|内科
A03.01|呼吸内科专业
A03.02|消化内科专业
A03.03|神经内科专业
A03.04|心血管内科专业
A03.05|血液内科专业
A03.06|肾病学专业
A03.07|内分泌专业
A03.08|免疫学专业
A03.09|变态反应专业
A03.10|老年病专业
A04|外科
A04.01|普通外科专业
A04.02|神经外科专业
A04.03|骨科专业
A04.04|泌尿外科专业
A04.05|胸外科专业
A04.06|心脏大血管外科专业
A04.07|烧伤科专业
A04.08|整形外科专业
A05|妇产科
A05.01|妇科专业
A05.02|产科专业
A06|妇女保健科
A07|儿科
A07.01|新生儿专业
A08|小儿外科
A09|儿童保健科
A10|眼科
A11|耳鼻咽喉科
A12|口腔科
A13|皮肤科
A14|医疗美容科
A15|精神科
A16|传染科
A17|结核病科
A18|地方病科
A19|肿瘤科
A20|急诊医学科
A21|康复医学科
A22|运动医学科
A23|职业病科
A24|临终关怀科
A25|特种医学与军事医学科
A26|麻醉科
A27|疼痛科
A28|重症医学科
A30|医学检验科
A31|病理科
A32|医学影像科
A50|中医科
A51|民族医学科
A52|中西医结合科
A69|其他业务科室
`),
    },
  ],
})
