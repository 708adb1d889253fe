/** The types of a JSON Schema, as TypeScript: what a schema of zod infers, for readers who have no zod. */

export function typeOf(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const several = schema.anyOf ?? schema.oneOf;
  if (several !== undefined) return several.map(typeOf).join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(" | ");
  switch (schema.type) {
    case "object":
      return objectType(schema);
    case "array":
      if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(typeOf).join(", ")}]`;
      return `(${typeOf(schema.items)})[]`;
    case "integer":
      return "number";
    case "string":
    case "number":
    case "boolean":
    case "null":
      return schema.type;
    default:
      throw new Error(`No type is known for the schema ${JSON.stringify(schema)}.`);
  }
}

function objectType({ properties, required = [], additionalProperties }) {
  if (properties === undefined) return `Record<string, ${typeOf(additionalProperties)}>`;
  const members = Object.entries(properties).map(
    ([name, schema]) =>
      `${comment(schema)}${JSON.stringify(name)}${required.includes(name) ? "" : "?"}: ${typeOf(schema)};`,
  );
  return `{\n${members.join("\n")}\n}`;
}

function comment({ description }) {
  return description === undefined ? "" : `/** ${description.replaceAll("*/", "* /")} */\n`;
}
