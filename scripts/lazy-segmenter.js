/**
 * string-width makes an Intl.Segmenter as soon as it is loaded, which takes half as long as Node's own start; nearly no
 * run measures a text that needs one. In the bundle it is made when it is first asked for.
 */
const EAGER = "const segmenter = new Intl.Segmenter();";
const LAZY = `let madeSegmenter;
const segmenter = { segment: text => (madeSegmenter ??= new Intl.Segmenter()).segment(text) };`;

export const lazySegmenter = {
  name: "lazy-segmenter",
  transform: {
    filter: { id: /[\\/]string-width[\\/]index\.js$/ },
    handler(code, id) {
      if (!code.includes("new Intl.Segmenter")) return null;
      const lazy = code.replace(EAGER, LAZY);
      if (lazy === code) throw new Error(`${id} makes its segmenter in another way than this plugin expects`);
      return { code: lazy, map: null };
    },
  },
};
