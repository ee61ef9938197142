// Prints what the scheduler of CronJobs makes of each `cron<TAB>zone<TAB>from` of the input.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
)

const runs = 6

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		input := strings.Split(lines.Text(), "\t")
		fmt.Printf("%s\t%s\n", lines.Text(), strings.Join(next(input[0], input[1], input[2]), " "))
	}
}

// As the CronJob controller does it: the zone goes before the schedule.
func next(schedule, zone, from string) (found []string) {
	defer func() {
		if recover() != nil {
			found = []string{"refused"}
		}
	}()
	parsed, err := cron.ParseStandard("TZ=" + zone + " " + schedule)
	if err != nil {
		return []string{"refused"}
	}
	at, err := time.Parse(time.RFC3339, from)
	if err != nil {
		panic(err)
	}
	for range runs {
		if at = parsed.Next(at); at.IsZero() {
			return append(found, "never")
		}
		found = append(found, at.UTC().Format(time.RFC3339))
	}
	return found
}
