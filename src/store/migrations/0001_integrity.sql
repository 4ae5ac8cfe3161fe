CREATE TABLE `chain` (
	`number` integer PRIMARY KEY NOT NULL,
	`first_exchange` integer NOT NULL,
	`last_exchange` integer NOT NULL,
	`first_outcome` integer NOT NULL,
	`last_outcome` integer NOT NULL,
	`count` integer NOT NULL,
	`previous` text NOT NULL,
	`hash` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `exchange` ADD `checksum` integer;--> statement-breakpoint
ALTER TABLE `outcome` ADD `checksum` integer;