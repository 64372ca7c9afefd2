/** In one pass, as a pattern for zeros at the end is not: a hostile cell may hold millions of them. */
export function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}
