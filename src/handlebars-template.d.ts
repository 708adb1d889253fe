/** A template is text: the build and the tests both read `*.hbs` files in as strings. */
declare module "*.hbs" {
  const template: string;
  export default template;
}
