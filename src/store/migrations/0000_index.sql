CREATE TABLE `archived` (
	`segment` integer PRIMARY KEY NOT NULL,
	`first_sequence` integer NOT NULL,
	`last_sequence` integer NOT NULL,
	`link_number` integer NOT NULL,
	`link_hash` text NOT NULL,
	`file_hash` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `exchange` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` text,
	`caller` text,
	`voice` text,
	`institution` text,
	`transaction` text,
	`kind` text,
	`message` text,
	`lane` text,
	`treatment_area` text,
	`insured_area` text,
	`destination` text,
	`encounter` text,
	`settlement` text,
	`original` text,
	`person` text,
	`day` text,
	`body_hash` text,
	`evidence` text,
	`at` integer NOT NULL,
	`segment` integer NOT NULL,
	`offset` integer NOT NULL,
	`length` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `exchange_key` ON `exchange` (`key`) WHERE "exchange"."key" is not null;--> statement-breakpoint
CREATE INDEX `exchange_encounter` ON `exchange` (`encounter`);--> statement-breakpoint
CREATE INDEX `exchange_message` ON `exchange` (`message`);--> statement-breakpoint
CREATE INDEX `exchange_insured` ON `exchange` (`transaction`,`insured_area`);--> statement-breakpoint
CREATE TABLE `outcome` (
	`id` integer PRIMARY KEY NOT NULL,
	`exchange` integer NOT NULL,
	`state` text NOT NULL,
	`at` integer NOT NULL,
	`problem` text,
	`reason` text,
	`hop` text,
	`told` text,
	`encounter` text,
	`settlement` text,
	`total` integer,
	`fund` integer,
	`person_share` integer,
	`account` integer,
	`cash` integer,
	`hospital` integer,
	`own_micros` integer,
	`commit_micros` integer,
	`counterpart_micros` integer,
	`segment` integer NOT NULL,
	`offset` integer NOT NULL,
	`length` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `outcome_exchange` ON `outcome` (`exchange`);--> statement-breakpoint
CREATE INDEX `outcome_encounter` ON `outcome` (`encounter`);--> statement-breakpoint
CREATE INDEX `outcome_settlement` ON `outcome` (`settlement`);--> statement-breakpoint
CREATE TABLE `position` (
	`id` integer PRIMARY KEY NOT NULL,
	`segment` integer NOT NULL,
	`offset` integer NOT NULL,
	`next_sequence` integer NOT NULL,
	`link_number` integer NOT NULL,
	`link_hash` text NOT NULL,
	`link_last_sequence` integer NOT NULL,
	`linked_to_segment` integer NOT NULL,
	`linked_to_offset` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `stay_record` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`stay` text NOT NULL,
	`person` text NOT NULL,
	`insured_area` text NOT NULL,
	`treatment_area` text NOT NULL,
	`institution` text NOT NULL,
	`admitted` text NOT NULL,
	`discharged` text NOT NULL,
	`event` text NOT NULL,
	`at` text NOT NULL,
	`occurrence` integer NOT NULL,
	`recorded_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `stay_record_stay` ON `stay_record` (`stay`);--> statement-breakpoint
CREATE INDEX `stay_record_insured` ON `stay_record` (`insured_area`,`discharged`);--> statement-breakpoint
CREATE UNIQUE INDEX `stay_record_same` ON `stay_record` (`stay`,`institution`,`event`,`at`,`occurrence`);