/** Currency signs are those of the currencies that AWS lists prices in; of all others Intl knows them. */
export const CURRENCY_SIGNS: Readonly<Record<string, string>> = { USD: "$", CNY: "CN¥" };
