import { describe, expect, it } from '@jest/globals';
import { XmlError, parseXml } from './xml.js';

/** Returns the code, the line and the value, if any, with which a text is refused. */
function refusal(text: string): (string | number | undefined)[] {
  try {
    parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) return [error.code, error.line, error.value].filter((part) => part !== undefined);
    throw error;
  }
  return [];
}

describe('text that is not XML, or has a DOCTYPE or entities, is refused with its line', () => {
  it.each([
    ['nothing', '', ['not-xml', 1]],
    ['other text', 'filename,label\n', ['not-xml', 1]],
    ['JSON', '\n{"a": 1}', ['not-xml', 2]],
    ['an element that is closed by another', '<a>\n<b>\n</c></a>', ['not-xml', 3]],
    ['an element that is not closed', '\n<a>\n', ['not-xml', 2]],
    ['two roots', '<a/><b/>', ['not-xml', 1]],
    ['text after the root', '<a></a>\nmore', ['not-xml', 2]],
    ['an attribute twice', '<a\nb="1"\nb="2"/>', ['not-xml', 3]],
    ['a lone ampersand', '<a>\n& b</a>', ['not-xml', 2]],
    ['a number that is not that of a character', '<a>\n&#x110000;</a>', ['not-xml', 2, '&#x110000;']],
    ['half of a surrogate pair', '<a b="&#xD83D;"/>', ['not-xml', 1, '&#xD83D;']],
    ['NUL by its number', '<a>&#0;</a>', ['not-xml', 1, '&#0;']],
    ['a control character', '<a>\n\n\b</a>', ['not-xml', 3, '\b']],
    ['a DOCTYPE', '<?xml version="1.0"?>\r\n<!DOCTYPE a>\r\n<a/>', ['xml-entity', 2, '<!DOCTYPE']],
    ['a DOCTYPE in lower case', '<!doctype a><a/>', ['xml-entity', 1, '<!doctype']],
    ['a reference to an entity', '<a>\n<b>&lol;</b></a>', ['xml-entity', 2, '&lol;']],
    ['a reference with an odd name', '<a b="&é.1;"/>', ['xml-entity', 1, '&é.1;']],
  ])('%s', (_, text, expected) => {
    expect(refusal(text)).toEqual(expected);
  });

  it.each([
    ['nesting', '<a>'.repeat(100_000) + '</a>'.repeat(100_000)],
    ['nesting without end', '<a>'.repeat(500_000)],
    ['one endless tag', `<a${' '.repeat(2_000_000)}`],
    ['a million ampersands', `<a>${'&'.repeat(1_000_000)}</a>`],
    ['a million open comments', `<a>${'<!--'.repeat(500_000)}</a>`],
    ['a million attributes', `<a${' b="c"'.repeat(300_000)}/>`],
  ])('quickly, with a short message: %s', (_, text) => {
    const before = process.cpuUsage();
    let message = '';
    try {
      parseXml(text);
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      ({ message } = error);
    }
    expect(message).not.toBe('');
    expect(message.length).toBeLessThan(300);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });
});

describe('text', () => {
  it.each([
    ['the five entities', '&lt;a&gt; &amp; &quot;b&quot; &apos;c&apos;', `<a> & "b" 'c'`],
    ['characters by number', 'caf&#233; &#x1F600;', 'café 😀'],
    ['what looks like a reference once resolved', '&amp;lt;', '&lt;'],
    ['CDATA, unchanged', '<![CDATA[a < b &lt; c]]>', 'a < b &lt; c'],
    ['without the space around it', '\n  dog \t', 'dog'],
    ['without comments', 'do<!-- no -->g', 'dog'],
    ['digits as written', '007.50', '007.50'],
  ])('is read with %s', (_, xml, text) => {
    expect(parseXml(`<?xml version="1.0" encoding="utf-8"?><a>${xml}</a>`).text).toBe(text);
  });

  it.each([`<a> & "b" 'c'`, '&lt;', 'café 😀', ']]>'])('that is set reads the same once written: %s', (text) => {
    const root = parseXml('<a>old<b/></a>');
    root.text = text;
    expect(parseXml(root.toXml()).text).toBe(text);
  });
});

it('toXml keeps attributes, CDATA and references', () => {
  const written = parseXml(
    `<a id='1 &amp; "2"'><!-- gone --><b>x &amp; y&#233;</b><?gone?><c><![CDATA[<&]]></c><d/><e f="g"><h>1</h></e></a>`,
  ).toXml();
  expect(written).toBe(
    [
      '<a id="1 &amp; &quot;2&quot;">',
      '\t<b>x &amp; y&#233;</b>',
      '\t<c><![CDATA[<&]]></c>',
      '\t<d></d>',
      '\t<e f="g">',
      '\t\t<h>1</h>',
      '\t</e>',
      '</a>',
      '',
    ].join('\n'),
  );
  expect(parseXml(written).toXml()).toBe(written);
});
