/**
 * The address by which callers reach the doors. A proxy that ends TLS leaves nothing of it in the request that could be
 * trusted, so it is a setting (`ZHIJIE_PUBLIC_URL`); forwarded headers are never read. Without it links say what the
 * request said.
 */

/** Makes an address as callers reach it from one as it reached us. @param base `https://codes.example.cn/zhijie`, or null */
export function createPublicAddress(base: string | null): (asked: URL) => URL {
  if (base === null) return (asked) => new URL(asked)
  const front = base.replace(/\/+$/, '')
  return ({ pathname, search }) => new URL(front + pathname + search)
}
