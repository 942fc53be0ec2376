/** Ids of rules: without a prefix inside, with `lws/` wherever people read or write them. */

export const RULE_PREFIX = "lws/";

/** `lws/no-sync-kill` and `no-sync-kill` are the same rule. */
export const bareRuleId = (id: string): string => (id.startsWith(RULE_PREFIX) ? id.slice(RULE_PREFIX.length) : id);

/** A rule id as every output prints it. */
export const fullRuleId = (id: string): string => RULE_PREFIX + bareRuleId(id);
