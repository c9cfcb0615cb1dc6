export const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
export const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;
export const round = (value: number, digits: number) => Number(value.toFixed(digits));
