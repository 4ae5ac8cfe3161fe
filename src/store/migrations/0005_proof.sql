CREATE TABLE `proof` (
	`id` integer PRIMARY KEY NOT NULL,
	`digest` text NOT NULL
);
