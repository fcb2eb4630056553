/**
 * Tells the conditions of a function that only ask whether the steps before succeeded: of a variable that a call's
 * result was put into and that the function returns (`if (!err)`), or of a pointer that was obtained (`if (mnt)`).
 */
export function successGuards(text: string): (guard: string) => boolean {
  const results = new Set([...text.matchAll(/\b([A-Za-z_]\w*)\s*=(?!=)[^;=]*?\w\s*\(/g)].map(([, name]) => name ?? ''));
  const returned = new Set([...text.matchAll(/\breturn\s+([A-Za-z_]\w*)\s*;/g)].map(([, name]) => name ?? ''));
  const pointers = new Set([...text.matchAll(/\*\s*(?:const\s+)?([A-Za-z_]\w*)\s*[=,;)]/g)].map(([, name]) => name ?? ''));
  return (guard) => {
    const plain = guard.replace(/\b(un)?likely\s*\(([^()]*)\)/g, '$2').trim();
    const zero = /^(?:!\s*\(?\s*(\w+)\s*\)?|(\w+)\s*(?:==|>=)\s*0|0\s*==\s*(\w+)|!\(\s*(\w+)\s*(?:<\s*0|!=\s*0)\s*\))$/.exec(plain);
    const status = zero?.slice(1).find((name: string | undefined) => name !== undefined);
    if (status !== undefined && results.has(status) && returned.has(status) && !pointers.has(status)) return true;
    const got = /^(?:(\w+)|(\w+)\s*!=\s*NULL|!\s*\(?\s*IS_ERR(?:_OR_NULL)?\s*\(\s*(\w+)\s*\)\s*\)?)$/.exec(plain);
    const pointer = got?.slice(1).find((name: string | undefined) => name !== undefined);
    return pointer !== undefined && results.has(pointer) && pointers.has(pointer);
  };
}
