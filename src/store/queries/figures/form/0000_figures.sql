CREATE TABLE `arrival` (
	`part` integer NOT NULL,
	`exchange` integer NOT NULL,
	`institution` text NOT NULL,
	`person` text NOT NULL,
	`insured` text NOT NULL,
	`treatment` text NOT NULL,
	`day` text NOT NULL,
	`at` text NOT NULL,
	`taken` integer NOT NULL,
	`category` text NOT NULL,
	`code` text NOT NULL,
	`hop` text NOT NULL,
	PRIMARY KEY(`part`, `exchange`)
);
--> statement-breakpoint
CREATE INDEX `arrival_person` ON `arrival` (`person`,`institution`);--> statement-breakpoint
CREATE INDEX `arrival_insured` ON `arrival` (`insured`,`day`);--> statement-breakpoint
CREATE INDEX `arrival_treatment` ON `arrival` (`treatment`,`day`);--> statement-breakpoint
CREATE TABLE `day_change` (
	`view` text NOT NULL,
	`area` text NOT NULL,
	`discharged` text NOT NULL,
	`at` text NOT NULL,
	`relation` text NOT NULL,
	`state` text NOT NULL,
	`category` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`view`, `area`, `discharged`, `at`, `relation`, `state`, `category`)
);
--> statement-breakpoint
CREATE TABLE `flow_change` (
	`insured` text NOT NULL,
	`treatment` text NOT NULL,
	`discharged` text NOT NULL,
	`at` text NOT NULL,
	`state` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`discharged`, `insured`, `treatment`, `at`, `state`)
);
--> statement-breakpoint
CREATE TABLE `folded` (
	`part` integer PRIMARY KEY NOT NULL,
	`outcome` integer NOT NULL,
	`outcome_mark` text NOT NULL,
	`record` integer NOT NULL,
	`record_mark` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `latency` (
	`day` text NOT NULL,
	`number` text NOT NULL,
	`destination` text NOT NULL,
	`hop` text NOT NULL,
	`bucket` integer NOT NULL,
	`n` integer NOT NULL,
	`micros` integer NOT NULL,
	PRIMARY KEY(`day`, `number`, `destination`, `hop`, `bucket`)
);
--> statement-breakpoint
CREATE TABLE `moment` (
	`stay` integer NOT NULL,
	`since` text NOT NULL,
	`before` text NOT NULL,
	`state` text NOT NULL,
	`category` text NOT NULL,
	`code` text NOT NULL,
	`hop` text NOT NULL,
	PRIMARY KEY(`stay`, `since`)
);
--> statement-breakpoint
CREATE TABLE `month_change` (
	`view` text NOT NULL,
	`area` text NOT NULL,
	`discharged` text NOT NULL,
	`at` text NOT NULL,
	`relation` text NOT NULL,
	`state` text NOT NULL,
	`category` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`view`, `area`, `discharged`, `at`, `relation`, `state`, `category`)
);
--> statement-breakpoint
CREATE TABLE `stay` (
	`id` integer PRIMARY KEY NOT NULL,
	`part` integer NOT NULL,
	`institution` text NOT NULL,
	`stay` text NOT NULL,
	`platform` text NOT NULL,
	`person` text NOT NULL,
	`insured` text NOT NULL,
	`treatment` text NOT NULL,
	`relation` text NOT NULL,
	`admitted` text NOT NULL,
	`discharged` text NOT NULL,
	`filed` integer NOT NULL,
	`total` integer NOT NULL,
	`fund` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `stay_name` ON `stay` (`institution`,`stay`,`platform`);--> statement-breakpoint
CREATE INDEX `stay_insured` ON `stay` (`insured`,`discharged`);--> statement-breakpoint
CREATE INDEX `stay_treatment` ON `stay` (`treatment`,`discharged`);--> statement-breakpoint
CREATE INDEX `stay_institution` ON `stay` (`institution`,`discharged`);--> statement-breakpoint
CREATE INDEX `stay_person` ON `stay` (`person`,`institution`);--> statement-breakpoint
CREATE TABLE `traffic` (
	`day` text NOT NULL,
	`insured` text NOT NULL,
	`treatment` text NOT NULL,
	`institution` text NOT NULL,
	`lane` text NOT NULL,
	`number` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`code` text NOT NULL,
	`hop` text NOT NULL,
	`n` integer NOT NULL,
	`total` integer NOT NULL,
	`fund` integer NOT NULL,
	PRIMARY KEY(`day`, `insured`, `treatment`, `institution`, `lane`, `number`, `kind`, `state`, `code`, `hop`)
);
--> statement-breakpoint
CREATE TABLE `visit` (
	`institution` text NOT NULL,
	`visit` text NOT NULL,
	`platform` text NOT NULL,
	`day` text NOT NULL,
	`insured` text NOT NULL,
	`treatment` text NOT NULL,
	`lane` text NOT NULL,
	`ok` integer NOT NULL,
	PRIMARY KEY(`institution`, `visit`, `platform`)
);
--> statement-breakpoint
CREATE INDEX `visit_day` ON `visit` (`day`);