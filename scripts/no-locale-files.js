/**
 * y18n, of yargs, reads texts of other languages from where yargs itself would have them: seen from the bundle, a folder
 * beside the installation that is not ours. In the bundle it reads none, and the texts are those that the code holds.
 */
const FROM = "const languageFile = this._resolveLocaleFile(this.directory, this.locale);";
const READ = "if (shim.fs.readFileSync) {";

export const noLocaleFiles = {
  name: "no-locale-files",
  transform: {
    filter: { id: /[\\/]y18n[\\/]build[\\/]lib[\\/]index\.js$/ },
    handler(code, id) {
      if (!code.includes(FROM) || !code.includes(READ))
        throw new Error(`${id} reads its texts in another way than this plugin expects`);
      return {
        code: code.replace(FROM, "const languageFile = '';").replace(READ, "if (false) {"),
        map: null,
      };
    },
  },
};
