/** The page on which the interface can be read and tried, by RapiDoc from this machine. */

/** `GET /docs`. `load-fonts` is off: the fonts would come from another host. */
export const DOCS_PAGE = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>直结 · 接口文档与试用</title>
<script type="module" src="/docs/rapidoc-min.js"></script>
</head>
<body>
<rapi-doc
  spec-url="/openapi.json"
  heading-text="直结 · 接口文档与试用"
  load-fonts="false"
  regular-font="system-ui, 'PingFang SC', 'Microsoft YaHei', sans-serif"
  mono-font="ui-monospace, Consolas, monospace"
  render-style="focused"
  theme="light"
  primary-color="#0b6e4f"
  nav-bg-color="#f4f6f5"
  show-header="true"
  allow-spec-url-load="false"
  allow-spec-file-load="false"
  allow-server-selection="false"
  schema-style="table"
  persist-auth="false"
><p slot="nav-logo"><a href="/">返回首页</a></p></rapi-doc>
<noscript>此页需要JavaScript；接口描述见 <a href="/openapi.json">/openapi.json</a></noscript>
</body>
</html>
`
