// What nobody should let reach a page as it is: values that a visitor could send.

/**
 * Each would run `window.__hit = true`, lead a link astray, or break what is around it, if it were not escaped where it lands. Those
 * that {@link RUNNING} has do run when they are put into a page as they are.
 */
export const HOSTILE_VALUES = [
  "<script>window.__hit=true</script>",
  "</script><script>window.__hit=true</script>",
  "</textarea></title></style></noscript><script>window.__hit=true</script>",
  "<!--<script>",
  '"><img src=x onerror="window.__hit=true">',
  "&quot;&gt;<img src=x onerror=window.__hit=true>",
  "' onmouseover='window.__hit=true' autofocus onfocus='window.__hit=true",
  "</h1></section><svg onload=window.__hit=true>",
  "javascript:window.__hit=true//",
  "//evil.example/\\evil.example/@evil.example/",
  "\u2028window.__hit=true;\u2029//",
  "{{#geo}}{{&geo.city}}{{/geo}}{{{utm}}}<%= window.__hit = true %>",
  "+ADw-script+AD4-window.__hit=true+ADw-/script+AD4-",
  "&lt;script&gt;&amp;amp;&quot;",
];

/** Those that run in a page that does not escape them. */
export const RUNNING = HOSTILE_VALUES.filter((value) => /<script>w|<img|onmouseover|<svg|^javascript:/.test(value));

/** Where templates put such a value, once for each kind of place. Every text is rendered from `utm.campaign`. */
export const HOSTILE_BUNDLE = {
  version: 1,
  id: "hostile",
  revision: 1,
  slots: {
    markup: {
      default: "it",
      variants: { it: { html: '<h1>{{utm.campaign}}</h1><p title="{{utm.campaign}}">end</p>' } },
    },
    text: { default: "it", variants: { it: { patches: [{ op: "text", selector: "b", value: "{{utm.campaign}}" }] } } },
    attribute: {
      default: "it",
      variants: { it: { patches: [{ op: "attribute", name: "title", value: "{{utm.campaign}}" }] } },
    },
    around: {
      default: "it",
      variants: {
        it: {
          patches: [
            { op: "append", value: "<i>{{utm.campaign}}</i>" },
            { op: "after", selector: "u", value: "<s>{{utm.campaign}}</s>" },
          ],
        },
      },
    },
    value: { default: "it", variants: { it: { value: "</script><!--<script>\u2028\u2029" } } },
  },
};

/** A page with those slots. */
export const HOSTILE_PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Hostile values</title><link rel="icon" href="data:," /></head>
  <body>
    <section data-slot="markup">as it was</section>
    <p data-slot="text"><b>as it was</b></p>
    <p data-slot="attribute">as it was</p>
    <div data-slot="around"><u>as it was</u></div>
    <output data-slot="value"></output>
    <p id="end">end</p>
  </body>
</html>
`;
