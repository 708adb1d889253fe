/**
 * A template is text: the build and the tests both read `*.hbs` and `*.css` files in as strings,
 * and `*.script` files as the bundled script that they name.
 */
declare module "*.hbs" {
  const template: string;
  export default template;
}

declare module "*.css" {
  const style: string;
  export default style;
}

declare module "*.script" {
  const script: string;
  export default script;
}
