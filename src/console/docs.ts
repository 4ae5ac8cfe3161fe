/** The page on which the interface can be read and tried, by RapiDoc from this machine. */

/** `GET /docs`. `load-fonts` is off: the fonts would come from another host. */
export const DOCS_PAGE = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>直结 Zhijie · 接口文档与试用</title>
<link rel="icon" href="data:,">
<style>
body { margin: 0 }
[slot=logo] { margin-right: .6rem; color: #fff; font: 600 1.4rem/1 system-ui, 'PingFang SC', 'Microsoft YaHei', sans-serif;
  text-decoration: none }
[slot=nav-logo] { margin: 1rem; font: .9rem/1.6 system-ui, 'PingFang SC', 'Microsoft YaHei', sans-serif }
[slot=nav-logo] a { color: #0b6e4f }
.narrow { padding: .8rem; background: #0b6e4f; color: #fff; font: 600 1.1rem/1.4 system-ui, 'PingFang SC',
  'Microsoft YaHei', sans-serif }
.narrow > a { color: #fff; text-decoration: none }
.find { padding: .6rem; background: #f4f6f5; font: 400 .95rem/1.5 system-ui, 'PingFang SC', 'Microsoft YaHei', sans-serif }
.find input { box-sizing: border-box; width: 100%; padding: .6rem; border: 1px solid #0b6e4f; border-radius: 4px; font: inherit }
.find nav { max-height: 45vh; overflow: auto }
.find summary, .find a { display: block; padding: .45rem .2rem }
.find summary { font-weight: 600 }
.find a { color: #0b6e4f; text-decoration: none; border-top: 1px solid #ddd }
.narrow, .find { display: none }
@media (max-width: 767px) { .narrow, .find { display: block } }
</style>
<script type="module" src="/docs/rapidoc-min.js"></script>
<script type="module" src="/docs/page.js"></script>
</head>
<body>
<div class="narrow"><a href="/">直结 Zhijie</a> · 接口文档与试用</div>
<div class="find"><input type="search" placeholder="交易编号、名称或地址" aria-label="查找接口"><nav></nav></div>
<rapi-doc
  spec-url="/openapi.json"
  heading-text="接口文档与试用"
  load-fonts="false"
  regular-font="system-ui, 'PingFang SC', 'Microsoft YaHei', sans-serif"
  mono-font="ui-monospace, Consolas, 'PingFang SC', 'Microsoft YaHei', monospace"
  render-style="focused"
  theme="light"
  header-color="#0b6e4f"
  primary-color="#0b6e4f"
  nav-bg-color="#f4f6f5"
  show-header="true"
  show-method-in-nav-bar="as-colored-text"
  sort-endpoints-by="none"
  allow-spec-url-load="false"
  allow-spec-file-load="false"
  allow-server-selection="false"
  allow-advanced-search="false"
  schema-style="table"
  schema-description-expanded="true"
  default-schema-tab="example"
  persist-auth="false"
><a slot="logo" href="/">直结 Zhijie</a><p slot="nav-logo"><a href="/">返回首页</a></p></rapi-doc>
<noscript>此页需要JavaScript；接口描述见 <a href="/openapi.json">/openapi.json</a></noscript>
</body>
</html>
`
