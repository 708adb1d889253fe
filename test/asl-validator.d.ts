/** Tells the compiler what the tests use of a package that has no types. */
declare module "asl-validator" {
  export default function aslValidator(definition: object): {
    readonly isValid: boolean;
    readonly errorsText: () => string;
  };
}
