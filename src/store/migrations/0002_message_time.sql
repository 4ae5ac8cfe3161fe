DROP INDEX `exchange_key`;--> statement-breakpoint
DROP INDEX `exchange_message`;--> statement-breakpoint
ALTER TABLE `exchange` ADD `key_end` text GENERATED ALWAYS AS (substr("key", -18)) VIRTUAL;--> statement-breakpoint
ALTER TABLE `exchange` ADD `message_end` text GENERATED ALWAYS AS (substr("message", -18)) VIRTUAL;--> statement-breakpoint
CREATE UNIQUE INDEX `exchange_key` ON `exchange` (`key_end`,`key`) WHERE "exchange"."key" is not null;--> statement-breakpoint
CREATE INDEX `exchange_message` ON `exchange` (`message_end`) WHERE "exchange"."key" is not null;