/**
 * Column names by role, as data. Heads are compared without blanks, brackets and case; the first name of a
 * list that occurs in the head wins, so the least ambiguous names come first.
 *
 * Sources: heads of the catalogue downloads 1301 to 1315 (transactions.json, as one Guangzhou client reads them [F]),
 * names of fields of the national interface [F], heads of the public copies in shared/data [F]; common other writings
 * of the same words [A].
 */

/** Roles of a table's columns. Any other column becomes an attribute under its own head. */
export const TABLE_ROLES = [
  'code',
  'name',
  'from',
  'lastDay',
  'until',
  'valid',
  'version',
  'grey',
  'heading',
  'fallBack',
  'replacedBy',
] as const

/** One of them. */
export type TableRole = (typeof TABLE_ROLES)[number]

/** Roles of a map's columns. */
export const MAP_ROLES = [
  'code',
  'name',
  'target',
  'targetName',
  'kind',
  'relation',
  'group',
  'together',
  'priority',
  'from',
  'lastDay',
  'until',
  'valid',
  'version',
  'provenance',
] as const

/** One of them. */
export type MapRole = (typeof MAP_ROLES)[number]

/** Names of a column by role, least ambiguous first. */
export type Heads<Role extends string> = Readonly<Partial<Record<Role, readonly string[]>>>

/** The same in every file. A last day (结束日期) is still valid; `until` is the first day that is not. */
const DATES = {
  from: ['valid_from', 'from', '开始日期', '开始时间', '生效日期', '启用日期', 'begndate', 'begn_date'],
  lastDay: ['valid_to', '结束日期', '结束时间', '终止日期', '有效期止', 'enddate', 'end_date'],
  until: ['until', 'valid_until', '失效日期', '停用日期'],
  valid: ['valid', '有效标志', '有效标识', '是否有效', 'vali_flag'],
  version: ['edition', 'version', '版本名称', '版本号', '版本', 'ver_name', 'ver'],
} as const

const CODE = ['code', '医保编码', '国家编码', '国家医保编码', '医保代码', '国家代码', '编码', '代码']
const NAME = ['name', '中文名称', '医保名称', '国家名称', '名称']
const CATALOGUE_CODE = ['医疗目录编码', 'med_list_codg', '医保目录编码', 'hilist_code', '目录编码']

/** Heads that mean the same for every standard. */
const TABLE_COMMON: Heads<TableRole> = {
  ...DATES,
  grey: ['grey', 'is_grey', '灰码', '是否灰码', '灰码标识'],
  heading: ['heading', 'is_heading', '类目标志'],
  fallBack: ['fall_back', 'fallback'],
  replacedBy: ['replaced_by', 'replacedBy', '替代编码', '替换编码', '新编码'],
}

/** Heads of code and name by standard; the common ones come after them. */
const BY_STANDARD: Readonly<
  Record<string, { readonly code: readonly string[]; readonly name: readonly string[] }>
> = {
  diagnosis: {
    code: [
      '诊断代码',
      '诊断编码',
      '疾病代码',
      '疾病诊断代码',
      '疾病诊断编码',
      '疾病编码',
      '条目代码',
      '主要编码',
      '主码',
    ],
    name: ['诊断名称', '疾病名称', '疾病诊断名称', '条目名称', '主码名称'],
  },
  procedure: {
    code: ['手术操作代码', '手术操作编码', '手术代码', '手术编码', '操作代码', '操作编码', '主要编码'],
    name: ['手术操作名称', '手术名称', '操作名称'],
  },
  tcm: {
    code: ['疾病分类代码', '证候分类代码', '疾病代码', '证候代码', '病证代码'],
    name: ['疾病分类名称', '证候分类名称', '疾病名称', '证候名称', '病证名称'],
  },
  morphology: {
    code: ['形态学分类代码', '形态学代码', '形态学编码'],
    name: ['形态学分类', '形态学名称', '形态学分类名称'],
  },
  service: {
    code: [...CATALOGUE_CODE, '项目代码', '项目编码', '医疗服务项目代码', '医疗服务项目编码'],
    name: ['医疗服务项目名称', '项目名称', 'med_item_name'],
  },
  drug: {
    code: [...CATALOGUE_CODE, '药品代码', '药品编码', '国家药品代码'],
    name: [
      '注册名称',
      '药品名称',
      '药品通用名',
      '通用名',
      '产品名称',
      'drug_genname',
      '单味药名称',
      '饮片名称',
      'med_name',
      'generic_name',
    ],
  },
  preparation: {
    code: [...CATALOGUE_CODE, '制剂代码', '制剂编码', '药品代码'],
    name: ['制剂名称', '注册名称', '药品商品名', '药品名称', 'drug_prodname'],
  },
  consumable: {
    code: [...CATALOGUE_CODE, '耗材代码', '耗材编码', '医用耗材代码', '医保耗材代码'],
    name: ['耗材名称', '医保通用名', '注册备案产品名称', '产品名称', 'mcs_name', 'generic_name'],
  },
  'chronic-disease': {
    code: ['门慢门特病种目录代码', '病种代码', '病种编码', 'opsp_dise_code'],
    name: ['门慢门特病种名称', '病种名称', 'opsp_dise_name'],
  },
  'by-disease-settlement': {
    code: ['按病种结算病种目录代码', '病种代码', '病种编码', 'bydise_setl_list_code'],
    name: ['按病种结算病种名称', '病种名称', 'bydise_setl_dise_name'],
  },
  'day-surgery': {
    code: ['日间手术病种目录代码', '病种代码', '病种编码', 'daysrg_dise_list_code'],
    name: ['日间手术病种名称', '病种名称', 'daysrg_dise_name'],
  },
  institution: {
    code: [
      '医疗机构代码',
      '医疗机构编码',
      '定点医疗机构代码',
      '定点医疗机构编码',
      '机构代码',
      '机构编码',
      'fixmedins_code',
    ],
    name: ['医疗机构名称', '定点医疗机构名称', '机构名称', 'fixmedins_name', 'name_or_note'],
  },
  pharmacy: {
    code: ['零售药店代码', '定点零售药店代码', '药店代码', '药店编码', 'fixmedins_code'],
    name: ['零售药店名称', '定点零售药店名称', '药店名称', 'fixmedins_name'],
  },
  physician: {
    code: ['医保医师代码', '医师代码', '医师编码', 'dr_code'],
    name: ['姓名', '医师姓名', 'dr_name'],
  },
  nurse: { code: ['医保护士代码', '护士代码', '护士编码'], name: ['姓名', '护士姓名'] },
  pharmacist: { code: ['医保药师代码', '药师代码', '药师编码', 'pharCode'], name: ['姓名', '药师姓名'] },
  staff: { code: ['工作人员代码', '人员代码'], name: ['姓名'] },
  unit: { code: ['单位代码', '单位编码'], name: ['单位名称'] },
  area: {
    code: ['医保区划', '医保区划代码', '行政区划代码', '区划代码', 'admdvs'],
    name: ['医保区划名称', '行政区划名称', '区划名称', 'reading'],
  },
}

const MAP_HEADS: Heads<MapRole> = {
  ...DATES,
  code: [
    'source_code',
    '源编码',
    '源代码',
    '院内编码',
    '院内代码',
    '本地编码',
    '医院编码',
    '定点医药机构目录编号',
    'medins_list_codg',
    '原编码',
    '原代码',
  ],
  name: [
    'source_name',
    '源名称',
    '院内名称',
    '本地名称',
    '医院名称',
    '定点医药机构目录名称',
    'medins_list_name',
    '原名称',
  ],
  target: [
    'target_code',
    '目标编码',
    '目标代码',
    ...CATALOGUE_CODE,
    '医保编码',
    '国家编码',
    '国家医保编码',
    '医保代码',
    '国家代码',
  ],
  targetName: ['target_name', '目标名称', '医保名称', '国家名称', '医保目录名称'],
  kind: ['kind', '对照类型'],
  relation: ['relation', 'relationship', '关系', '对照关系'],
  group: ['group', '组号', '组别'],
  together: ['together', '合并', '是否合并'],
  priority: ['priority', '优先级', '顺序'],
  provenance: ['provenance', '来源', '依据'],
}

/** Heads of a table of a standard. */
export function tableHeads(standard: string): Heads<TableRole> {
  const own = BY_STANDARD[standard] ?? BY_STANDARD[standard.replace(/^\w+-(?=diagnosis$|procedure$)/, '')]
  return { ...TABLE_COMMON, code: [...(own?.code ?? []), ...CODE], name: [...(own?.name ?? []), ...NAME] }
}

/** Heads of a map. */
export function mapHeads(): Heads<MapRole> {
  return MAP_HEADS
}
