/** The JSON Schema (draft 2020-12) that a zod schema of the project publishes. */
import * as z from "zod";
import { mapValueSchemas } from "../src/workflow/workload/schema-parts.ts";

export interface Published {
  readonly id: string;
  readonly title: string;
}

export function jsonSchemaOf(schema: z.ZodType, { id, title }: Published): object {
  const { $schema, ...rest } = convert(schema);
  return { $schema, $id: id, title, ...rest };
}

function convert(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const values = mapValueSchemas.get(zodSchema);
      if (!values) return;
      const { $schema: _, ...valueSchema } = convert(values);
      jsonSchema.additionalProperties = valueSchema;
    },
  });
}
