/**
 * A definition's shape is its text with the names of the resources it calls numbered in the order they appear: fleets
 * are stamped from templates, and machines that differ in nothing but those names take the same ways at the same price.
 * Equal names get equal numbers and different ones different numbers, so comparisons between them stay what they were.
 */

/** A resource of some account; the service integrations of Step Functions itself name none. */
const ARN = /arn:(aws[a-z-]*):([a-z0-9-]+):[a-z0-9-]*:\d{12}:([^"\\\s]+)/g;
/** Fields that hold a resource's name and nothing that is billed by. */
const NAME =
  /"(FunctionName|QueueUrl|TopicArn|TableName|Bucket|EventBusName|ClusterName|JobName|JobQueue|JobDefinition)"(\s*:\s*)"([^"\\]*)"/g;

export function definitionShape(text: string): string {
  const numbers = new Map<string, number>();
  const numberOf = (name: string): string => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return `#${number}${name.endsWith(".fifo") ? ".fifo" : ""}`;
  };
  return text
    .replaceAll(ARN, (arn: string, partition: string, service: string, rest: string) => {
      const kind = /^[A-Za-z-]+[:/]/.exec(rest)?.[0] ?? "";
      return `arn:${partition}:${service}:any:000000000000:${kind}${numberOf(arn)}`;
    })
    .replaceAll(NAME, (written: string, key: string, colon: string, name: string) =>
      name.startsWith("arn:") ? written : `"${key}"${colon}"${numberOf(name)}"`,
    );
}
