CREATE TABLE `open_case` (
	`exchange` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tally` (
	`id` integer PRIMARY KEY NOT NULL,
	`begun` integer NOT NULL,
	`ended` integer NOT NULL,
	`open` integer NOT NULL,
	`settled` integer NOT NULL,
	`reversed` integer NOT NULL,
	`standing_fen` integer NOT NULL
);
