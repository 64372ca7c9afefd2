import { describe, expect, it } from '@jest/globals';
import { LocalTimes } from './local-times.js';

function zonesOf(...times: string[]): string[] {
  const column = new LocalTimes();
  for (const time of times) column.add(`${time.replace(/Z$/, '')}:00`, time.endsWith('Z'));
  return column.findZones();
}
const on = (day: string, ...clocks: string[]) => clocks.map((clock) => `${day} ${clock}`);

describe('the zones in which an hour comes twice as in a column', () => {
  it.each<[name: string, times: string[], zones: string[]]>([
    ['quarter hours', on('2021-10-31', '02:30', '02:45', '02:00', '02:15'), ['Europe/Berlin']],
    ['repeated hours', on('2021-10-31', '01:00', '02:00', '02:00', '03:00'), ['Europe/Berlin']],
    ['two years', [...on('2020-10-25', '02:45', '02:00'), ...on('2021-10-31', '02:45', '02:00')], ['Europe/Berlin']],
    ['an hour earlier', on('2021-10-31', '01:30', '01:00'), ['Europe/London']],
    ['an hour later', on('2021-10-31', '03:30', '03:00'), ['Europe/Athens']],
    ['a time that does not exist', [...on('2021-03-28', '02:30'), ...on('2021-10-31', '02:45', '02:00')], []],
    ['another night', on('2021-10-24', '02:45', '02:00'), []],
    ['repeated times at other hours too', on('2021-10-31', '02:00', '02:00', '12:00', '12:00'), []],
    ['no order', on('2021-10-31', '02:45', '02:00', '12:00', '05:00'), []],
    ['offsets', on('2021-10-31', '02:45Z', '02:00Z'), []],
    ['nothing twice', on('2021-10-31', '01:00', '02:00', '03:00'), []],
  ])('with %s', (_name, times, zones) => {
    expect(zonesOf(...times)).toEqual(zones);
  });

  it('are several where several have the same nights', () => {
    const zones = zonesOf(...on('2021-11-07', '01:30', '01:00'));
    expect(zones).toEqual(expect.arrayContaining(['America/New_York', 'America/Los_Angeles']));
    expect(zonesOf(...on('2021-04-04', '02:30', '02:00'))).toEqual([
      'Australia/Sydney',
      'Australia/Adelaide',
      'Pacific/Auckland',
    ]);
  });
});
