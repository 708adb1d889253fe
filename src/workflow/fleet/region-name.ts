/** The name of an AWS region, such as `us-east-1`, `us-gov-west-1` or `eusc-de-east-1`. */
export const REGION_PATTERN = /^[a-z]{2,8}(?:-[a-z]+)+-\d+$/;
