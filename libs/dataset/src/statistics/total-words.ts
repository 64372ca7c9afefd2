const WORDS = [
  'all rows|totals?|sums?|totales?|total general|suma|somme|soma|totaal|totalt|summen?|gesamt|gesamtsumme|insgesamt',
  'yhteensä|összesen|celkem|razem|toplam|genel toplam|итого|всего|合计|总计|合計|総計|計|합계|총계',
].join('|');
const MEANS = 'average|avg|mean|mittelwert|durchschnitt|moyenne|media|promedio|gemiddelde|среднее|平均';

const TOTAL = new RegExp(`^\\s*(?:(?:grand|sub|overall)[ -]?)?(?:${WORDS})(?: \\d{4})?:?\\s*$`, 'iu');
const MEAN = new RegExp(`^\\s*(?:${MEANS}):?\\s*$`, 'iu');

/** Whether a cell names a total, such as `Total`, `Grand total:` or `Total 2024`. */
export function namesTotal(cell: string): boolean {
  return TOTAL.test(cell);
}

/** Whether a cell names a mean, such as `Average`. */
export function namesMean(cell: string): boolean {
  return MEAN.test(cell);
}
