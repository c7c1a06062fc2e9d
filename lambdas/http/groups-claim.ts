import * as z from 'zod';

/** Name of a group of a user pool: no white space. Source: CreateGroup, GroupName. */
const groupName = z.string().regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u);

/** `[a b]`: how API Gateway hands an array of a token over. */
const asText = z
  .string()
  .regex(/^\[.*\]$/s)
  .transform((text) => (text === '[]' ? [] : text.slice(1, -1).split(' ')))
  .pipe(z.array(groupName));

/** `cognito:groups`: absent for a user without groups, a list in the token, a text behind API Gateway. Nothing else is taken. */
export const groupsClaim = z
  .union([z.array(groupName), asText])
  .default([])
  .transform((groups) => [...new Set(groups)]);
