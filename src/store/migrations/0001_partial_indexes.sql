DROP INDEX `exchange_encounter`;--> statement-breakpoint
DROP INDEX `exchange_message`;--> statement-breakpoint
DROP INDEX `exchange_insured`;--> statement-breakpoint
CREATE INDEX `exchange_encounter` ON `exchange` (`encounter`) WHERE "exchange"."encounter" is not null;--> statement-breakpoint
CREATE INDEX `exchange_message` ON `exchange` (`message`) WHERE "exchange"."key" is not null;--> statement-breakpoint
CREATE INDEX `exchange_insured` ON `exchange` (`insured_area`) WHERE "exchange"."transaction" = '2304';--> statement-breakpoint
DROP INDEX `outcome_encounter`;--> statement-breakpoint
DROP INDEX `outcome_settlement`;--> statement-breakpoint
CREATE INDEX `outcome_encounter` ON `outcome` (`encounter`) WHERE "outcome"."encounter" is not null;--> statement-breakpoint
CREATE INDEX `outcome_settlement` ON `outcome` (`settlement`) WHERE "outcome"."settlement" is not null;