export declare const wantedPython: string;
export declare const howToGetPython: string;
export declare function findPython(): string | undefined;
