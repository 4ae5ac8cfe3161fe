/**
 * The public address of the endpoints. Behind a proxy that terminates TLS, nothing in the request can be trusted to
 * tell it, so it is a setting (`ZHIJIE_PUBLIC_URL`); forwarded headers are never read. Without it, links use the
 * address of the request.
 */

/** Maps a request address to the public one. @param base `https://codes.example.cn/zhijie`, or null */
export function createPublicAddress(base: string | null): (asked: URL) => URL {
  if (base === null) return (asked) => new URL(asked)
  const front = base.replace(/\/+$/, '')
  return ({ pathname, search }) => new URL(front + pathname + search)
}
