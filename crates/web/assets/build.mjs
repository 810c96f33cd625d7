// Bundles the scripts of the pages into dist/app.js, which the program embeds.
import { build } from "esbuild"

// Turbo's progress bar brings a style element, which the pages' policy refuses: `style-src 'self'` and nothing
// inline. Its looks are in css/shell.css instead. A new version of Turbo that does it differently fails here.
const withoutInlineStyle = {
  name: "without-inline-style",
  setup(builder) {
    builder.onLoad({ filter: /@hotwired\/turbo\/dist\/turbo\.es2017-esm\.js$/ }, async ({ path }) => {
      const { readFile } = await import("node:fs/promises")
      const text = await readFile(path, "utf8")
      const inserted = "document.head.insertBefore(this.stylesheetElement, document.head.firstChild);"
      if (!text.includes(inserted)) throw new Error("Turbo no longer inserts its style this way: look at build.mjs")
      return { contents: text.replace(inserted, ""), loader: "js" }
    })
  },
}

await build({
  entryPoints: ["js/app.js"],
  outfile: "dist/app.js",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "eof",
  logLevel: "warning",
  plugins: [withoutInlineStyle],
})
